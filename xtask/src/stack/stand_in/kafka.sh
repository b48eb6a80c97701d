#!/usr/bin/env bash
# What the Kafka stand-in runs: what the stack uses of the official image's scripts, with the same variables and paths.
set -euo pipefail
config=/opt/kafka/config
properties=$config/server.properties
: >"$properties"
while IFS='=' read -r -d '' name value; do
    case $name in
    # Of the Java program, not of Kafka's configuration.
    KAFKA_HEAP_OPTS | KAFKA_JVM_PERFORMANCE_OPTS | KAFKA_OPTS | KAFKA_LOG4J_*) ;;
    KAFKA_*)
        name=${name#KAFKA_}
        name=${name,,}
        # Three underscores are a hyphen, two an underscore, one a dot.
        name=${name//___/-} name=${name//__/$'\x01'} name=${name//_/.} name=${name//$'\x01'/_}
        printf '%s=%s\n' "$name" "$value" >>"$properties"
        ;;
    esac
done < <(env -0)
cat >"$config/log4j2.properties" <<END
status=error
appender.console.type=Console
appender.console.name=console
appender.console.layout.type=PatternLayout
appender.console.layout.pattern=[%d] %p %m (%c)%n
rootLogger.level=${KAFKA_LOG4J_ROOT_LOGLEVEL:-INFO}
rootLogger.appenderRef.console.ref=console
END
java=(java -Dlog4j2.configurationFile="$config/log4j2.properties" -cp '/opt/kafka/libs/*')
# A formatted folder is left as it is, and one of another cluster refused, in the words of Kafka's own tool.
meta=${KAFKA_LOG_DIRS:?}/meta.properties
if [ -e "$meta" ]; then
    id=$(while IFS='=' read -r name value; do [ "$name" != cluster.id ] || echo "$value"; done <"$meta")
    if [ "$id" != "${CLUSTER_ID:?}" ]; then
        echo "Invalid cluster.id in: $meta. Expected $CLUSTER_ID, but read $id" >&2
        exit 1
    fi
else
    "${java[@]}" -Xmx96m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 kafka.tools.StorageTool format \
        --cluster-id "${CLUSTER_ID:?}" --config "$properties"
fi
# shellcheck disable=SC2086 # the options are several words
exec "${java[@]}" ${KAFKA_HEAP_OPTS:-} ${KAFKA_JVM_PERFORMANCE_OPTS:-} kafka.Kafka "$properties"

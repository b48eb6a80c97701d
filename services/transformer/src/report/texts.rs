//! Every text of the page, in Portuguese and in English, side by side.

/// One line a text: its name, Portuguese, English. `{0}`, `{1}` … are filled in.
macro_rules! texts {
    ($($name:ident: $pt:literal, $en:literal;)*) => {
        /// A text of the page; its documentation is what it says in English.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Text {
            $(#[doc = $en] $name,)*
        }

        impl Text {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// In Portuguese.
            pub const fn pt(self) -> &'static str {
                match self { $(Self::$name => $pt,)* }
            }

            /// In English.
            pub const fn en(self) -> &'static str {
                match self { $(Self::$name => $en,)* }
            }
        }
    };
}

texts! {
    // the page
    Title: "Publicações sobre Covid\u{2011}19 e quarentena", "Posts about Covid\u{2011}19 and quarantine";
    Period: "{0} a {1}", "{0} to {1}";
    MadeAt: "Feito em {0} (UTC) com garimpo {1}. Os dias são os do fuso horário da análise.", "Made on {0} (UTC) by garimpo {1}. Days are those of the analysts' time zone.";
    Contents: "Seções", "Sections";
    NothingStored: "Nenhuma publicação está armazenada ainda.", "No posts are stored yet.";
    NothingHere: "Nenhuma publicação neste período. O dia mais recente com publicações é {0}.", "No posts in this period. The newest day with posts is {0}.";
    Table: "Tabela dos dados", "Table of the figures";
    ChartAlt: "{0}, de {1} a {2}. Maior valor: {3} ({4}).", "{0}, {1} to {2}. Highest: {3} ({4}).";
    Day: "Dia", "Day";
    Month: "Mês", "Month";
    HourOfDay: "Hora", "Hour";
    Posts: "Publicações", "Posts";
    Share: "Parcela", "Share";
    Unknown: "desconhecido", "unknown";
    NoValue: "–", "–";
    About: "Contadas uma vez cada, as editadas também; republicações entram como tais. Publicações citadas não contam.", "Each counted once, edited ones too; reposts count as such. Quoted posts do not count.";

    // key figures
    PostsADay: "por dia, em média", "a day on average";
    MeanSentiment: "sentimento médio", "mean sentiment";
    SentimentKnown: "com sentimento conhecido", "with a known sentiment";
    Spent: "gastos com a coleta", "spent on collecting";
    PostsInPeriod: "publicações no período", "posts in the period";

    // volume
    Volume: "Volume", "Volume";
    VolumeByDay: "Publicações por dia", "Posts by day";
    VolumeByMonth: "Publicações por mês", "Posts by month";
    VolumeByHour: "Publicações por hora", "Posts by hour";
    Language: "Idioma", "Language";
    Kind: "Tipo", "Kind";
    KindPost: "original", "original";
    KindReply: "resposta", "reply";
    KindQuote: "citação", "quote";
    KindRetweet: "republicação", "repost";
    NoPosts: "Nenhuma publicação neste período.", "No posts in this period.";
    OtherLanguages: "outros", "others";

    // sentiment
    Sentiment: "Sentimento", "Sentiment";
    SentimentNote: "Pontuação de −1 (negativo) a +1 (positivo), por léxicos de português e inglês. {0} das publicações têm uma; as demais não entram. Ironia não é reconhecida.", "A score from −1 (negative) to +1 (positive), by lexicons of Portuguese and English. {0} of the posts have one; the others are left out. Irony is not recognised.";
    SentimentShares: "Parcelas por sentimento", "Shares by sentiment";
    SentimentMean: "Sentimento médio", "Mean sentiment";
    Positive: "positivo", "positive";
    Neutral: "neutro", "neutral";
    Negative: "negativo", "negative";
    NoSentiment: "Nenhuma publicação deste período tem sentimento conhecido.", "No post of this period has a known sentiment.";

    // topics, hashtags, domains, rules
    Topics: "Temas", "Topics";
    TopicsNote: "Uma publicação sobre dois temas conta em ambos: não some as linhas.", "A post on two topics counts for both: do not add the lines up.";
    Topic: "Tema", "Topic";
    Mean: "Sentimento", "Sentiment";
    NoTopics: "Nenhuma publicação deste período trata de um tema conhecido.", "No post of this period is about a known topic.";
    Hashtags: "Hashtags", "Hashtags";
    Hashtag: "Hashtag", "Hashtag";
    HashtagsNote: "As mais usadas, sem maiúsculas e acentos.", "The most used, without case and accents.";
    NoHashtags: "Nenhuma hashtag neste período.", "No hashtags in this period.";
    Domains: "Sites citados", "Sites linked to";
    Domain: "Site", "Site";
    DomainsNote: "Para onde levam os links, sem contar o próprio X.", "Where links lead, X itself left out.";
    NoDomains: "Nenhum link neste período.", "No links in this period.";
    Rules: "Regras de coleta", "Collection rules";
    Rule: "Regra", "Rule";
    RulesNote: "Uma publicação encontrada por duas regras conta em ambas.", "A post matched by two rules counts for both.";
    NoRules: "Nenhuma regra coletou algo neste período.", "No rule collected anything in this period.";

    // places
    States: "Estados brasileiros", "Brazilian states";
    StatesNote: "Só publicações com lugar marcado: {0} de {1}. Cada quadrado é um estado, mais ou menos onde fica.", "Only posts with a tagged place: {0} of {1}. Each square is a state, roughly where it lies.";
    StatesAlt: "Publicações por estado. Maior valor: {0} ({1}).", "Posts by state. Highest: {0} ({1}).";
    State: "Estado", "State";
    Country: "País", "Country";
    Countries: "Países", "Countries";
    NoStates: "Nenhuma publicação deste período tem lugar marcado.", "No post of this period has a tagged place.";
    NoBrazil: "Nenhuma publicação deste período foi marcada em um estado brasileiro.", "No post of this period was tagged in a Brazilian state.";

    // posts
    TopPosts: "Publicações com mais interação", "Most engaged posts";
    TopPostsNote: "Curtidas, republicações, respostas e citações, como vistas pela última vez; as de publicações jovens ainda crescem.", "Likes, reposts, replies and quotes as last seen; those of young posts are still growing.";
    Likes: "curtidas", "likes";
    Reposts: "republicações", "reposts";
    Replies: "respostas", "replies";
    Quotes: "citações", "quotes";
    AgeMinutes: "números vistos {0} min após a publicação", "figures seen {0} min after posting";
    AgeHours: "números vistos {0} h após a publicação", "figures seen {0} h after posting";
    AgeDays: "números vistos {0} dias após a publicação", "figures seen {0} days after posting";
    AgeUnknown: "números nunca vistos", "figures never seen";
    Deleted: "O texto foi apagado.", "The text was deleted.";
    OnX: "ver no X", "see on X";
    NoTopPosts: "Nenhuma publicação deste período teve interação vista.", "No post of this period was seen with engagement.";

    // pipeline
    Pipeline: "Saúde da coleta", "Pipeline health";
    PipelineNote: "Respostas do X por hora de recebimento, {0} a {1} (UTC); os últimos 31 dias ficam guardados.", "Answers of X by the hour they were received, {0} to {1} (UTC); the latest 31 days are kept.";
    Answers: "respostas", "answers";
    IdlePolls: "consultas vazias", "polls that found nothing";
    Carried: "publicações recebidas", "posts received";
    Refetched: "respostas talvez pagas duas vezes", "answers perhaps paid for twice";
    Rejected: "itens postos de lado", "items set aside";
    Longest: "maior demora até o banco", "longest delay to the database";
    CarriedByHour: "Publicações recebidas por hora", "Posts received by hour";
    DelayByHour: "Demora da resposta do X até o banco", "Delay from X's answer to the database";
    MeanDelay: "média", "mean";
    MostDelay: "maior", "longest";
    Seconds: "{0} s", "{0} s";
    NoPipeline: "Nenhuma resposta do X foi recebida nestes dias.", "No answer of X was received on these days.";

    // cost
    Cost: "Custo", "Cost";
    CostNote: "Por dia UTC, como o X cobra, {0} a {1}.", "By UTC day, as X bills, {0} to {1}.";
    CostByDay: "Custo por dia, US$", "Cost by day, US$";
    CostByMonth: "Custo por mês, US$", "Cost by month, US$";
    Usd: "Dólares", "Dollars";
    BilledPosts: "Publicações cobradas", "Posts billed";
    BilledUsers: "Usuários cobrados", "Users billed";
    RefetchedUsd: "Talvez pagos duas vezes", "Perhaps paid twice";
    NoCost: "Nada foi gasto nestes dias.", "Nothing was spent on these days.";

    // gaps
    Gaps: "Lacunas da coleta", "Coverage gaps";
    GapsNote: "Intervalos dos quais faltam publicações (UTC): uma queda no volume pode ser uma lacuna.", "Intervals whose posts are missing (UTC): a drop in volume may be a gap.";
    GapFrom: "De", "From";
    GapTo: "Até", "To";
    GapHours: "Horas", "Hours";
    GapReason: "Motivo", "Reason";
    Unreachable: "inalcançável", "unreachable";
    NotSeen: "não visto", "not seen";
    NoGaps: "Nenhuma lacuna conhecida neste período.", "No known gap in this period.";
    MoreGaps: "Mais {0} lacunas, mais curtas, não são mostradas.", "{0} more gaps, shorter ones, are not shown.";

    // attached
    Run: "Esta execução", "This run";
    Trace: "O caminho de um lote", "The way of one batch";
    TraceNote: "Lote {0}: {1} etapas em {2} ms, do pedido ao X até a gravação no MySQL.", "Batch {0}: {1} steps in {2} ms, from the request to X to the insert in MySQL.";
    Step: "Etapa", "Step";
    Begins: "Início, ms", "Begin, ms";
    Lasts: "Duração, ms", "Duration, ms";
    NoSpans: "O rastro deste lote está vazio.", "The trace of this batch is empty.";
}

#[cfg(test)]
mod tests {
    use super::Text;

    /// Words that are the same in both languages.
    const SAME: [Text; 7] = [
        Text::NoValue,
        Text::KindPost,
        Text::Hashtags,
        Text::Hashtag,
        Text::Volume,
        Text::Seconds,
        Text::Domain,
    ];

    #[test]
    fn every_text_is_there_in_both_languages_with_the_same_places_to_fill() {
        for text in Text::ALL {
            assert!(!text.pt().trim().is_empty() && !text.en().trim().is_empty(), "{text:?}");
            let same = SAME.contains(text);
            assert_eq!(text.pt() == text.en(), same, "{text:?} is the same in both languages, or is not");
            for place in 0..9 {
                let place = format!("{{{place}}}");
                assert_eq!(text.pt().contains(&place), text.en().contains(&place), "{text:?} {place}");
            }
        }
    }
}

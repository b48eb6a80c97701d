//! What waits, by turns, holds and assignments.

use contract::topics::BATCHES;

use super::*;

fn partition(number: i32) -> Partition {
    Partition { topic: BATCHES, number }
}

fn waiting(partitions: i32) -> Waiting {
    let waiting = Waiting::new(100);
    waiting.assign((0..partitions).map(partition));
    waiting
}

fn push(waiting: &Waiting, number: i32, offsets: std::ops::Range<i64>) {
    for offset in offsets {
        waiting.push(Message::made(BATCHES, number, offset, Some(vec![0; 40])));
    }
}

fn take(waiting: &Waiting) -> Option<(i32, i64)> {
    waiting.take_now(|_| true).map(|message| (message.ticket.partition.number, message.ticket.offset))
}

#[test]
fn partitions_take_turns_and_keep_their_order() {
    let waiting = waiting(3);
    push(&waiting, 0, 0..3);
    push(&waiting, 2, 7..9);
    let taken: Vec<_> = std::iter::from_fn(|| take(&waiting)).collect();
    assert_eq!(taken, [(0, 0), (2, 7), (0, 1), (2, 8), (0, 2)]);
}

#[test]
fn a_full_buffer_has_no_room_until_something_is_taken() {
    let waiting = waiting(1);
    push(&waiting, 0, 0..2);
    assert!(waiting.wait_for_room(Duration::ZERO));
    push(&waiting, 0, 2..3);
    assert!(!waiting.wait_for_room(Duration::ZERO));
    assert_eq!(take(&waiting), Some((0, 0)));
    assert!(waiting.wait_for_room(Duration::ZERO));
}

#[test]
fn a_held_partition_gives_nothing_takes_no_room_and_goes_on_when_its_message_is_done() {
    let waiting = waiting(2);
    push(&waiting, 0, 0..4);
    let first = waiting.take_now(|_| true).unwrap();
    let ticket = first.ticket;
    assert_eq!(waiting.hold(ticket, |_| Duration::from_secs(3600)), 1);
    waiting.give_back(first);
    assert_eq!(take(&waiting), None);
    assert!(waiting.wait_for_room(Duration::ZERO));
    push(&waiting, 1, 0..1);
    assert_eq!(take(&waiting), Some((1, 0)));

    // Back-off over: the message alone is tried again, and held longer.
    assert_eq!(waiting.hold(ticket, |_| Duration::ZERO), 2);
    let again = waiting.take_now(|_| true).unwrap();
    assert_eq!(again.ticket, ticket);
    assert_eq!(take(&waiting), None, "one at a time");
    waiting.done(&[ticket]);
    assert_eq!(take(&waiting), Some((0, 1)));
}

#[test]
fn a_message_given_back_comes_first_again() {
    let waiting = waiting(1);
    push(&waiting, 0, 0..3);
    let (first, second) = (waiting.take_now(|_| true).unwrap(), waiting.take_now(|_| true).unwrap());
    waiting.give_back(second);
    waiting.give_back(first);
    assert_eq!((take(&waiting), take(&waiting), take(&waiting)), (Some((0, 0)), Some((0, 1)), Some((0, 2))));
}

#[test]
fn a_revoked_partition_commits_what_is_applied_and_forgets_the_rest_also_when_it_comes_back() {
    let waiting = waiting(2);
    push(&waiting, 0, 0..3);
    let (first, second) = (waiting.take_now(|_| true).unwrap(), waiting.take_now(|_| true).unwrap());
    waiting.done(&[first.ticket]);
    assert_eq!(waiting.revoke(&[partition(0)], Duration::ZERO), [(partition(0), 1)]);
    assert!(!waiting.is_ours(second.ticket));

    waiting.assign([partition(0)]);
    push(&waiting, 0, 1..2);
    waiting.done(&[second.ticket]);
    assert_eq!(waiting.positions_to_commit(), []);
    assert!(!waiting.is_ours(second.ticket));
    assert_eq!(take(&waiting), Some((0, 1)));
}

#[test]
fn a_revocation_waits_for_what_is_in_hand() {
    let waiting = waiting(1);
    push(&waiting, 0, 0..1);
    let message = waiting.take_now(|_| true).unwrap();
    std::thread::scope(|scope| {
        let revoked = scope.spawn(|| waiting.revoke(&[partition(0)], Duration::from_secs(60)));
        waiting.done(&[message.ticket]);
        assert_eq!(revoked.join().unwrap(), [(partition(0), 1)]);
    });
}

#[test]
fn positions_are_asked_for_once_and_again_after_a_commit_that_failed() {
    let waiting = waiting(1);
    push(&waiting, 0, 5..6);
    let message = waiting.take_now(|_| true).unwrap();
    assert_eq!(waiting.positions_to_commit(), []);
    waiting.done(&[message.ticket]);
    assert_eq!(waiting.positions_to_commit(), [(partition(0), 6)]);
    assert_eq!(waiting.positions_to_commit(), []);
    waiting.commit_failed([partition(0)]);
    assert_eq!(waiting.positions_to_commit(), [], "a little later");
    waiting.lock().commit_after = None;
    assert_eq!(waiting.positions_to_commit(), [(partition(0), 6)]);
}

#[tokio::test]
async fn a_writer_that_waits_is_woken_by_a_message_and_by_the_end() {
    let waiting = std::sync::Arc::new(waiting(1));
    let other = std::sync::Arc::clone(&waiting);
    let taken = tokio::spawn(async move { (other.take().await.is_some(), other.take().await.is_some()) });
    tokio::task::yield_now().await;
    push(&waiting, 0, 0..1);
    // The test's runtime has one thread: the other task runs here until it waits again.
    tokio::task::yield_now().await;
    waiting.close();
    assert_eq!(taken.await.unwrap(), (true, false));
}

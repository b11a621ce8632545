//! One worker's queue of orders: bounded, and sending never waits.
//!
//! What does not fit stays with the sender, in order, and goes on at the next `pump`: nothing is lost and
//! nothing blocks a frame.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError, TrySendError, sync_channel};
use std::time::Duration;

const PLACES: usize = 256;

#[derive(Debug)]
pub(super) struct Queue<T> {
    sender: Option<SyncSender<T>>,
    waiting: VecDeque<T>,
}

impl<T> Queue<T> {
    pub(super) fn new() -> (Self, Receiver<T>) {
        let (sender, receiver) = sync_channel(PLACES);
        (Self { sender: Some(sender), waiting: VecDeque::new() }, receiver)
    }

    pub(super) fn send(&mut self, order: T) {
        self.waiting.push_back(order);
        self.pump();
    }

    /// Hands on what the worker has room for. Whether all of it went.
    pub(super) fn pump(&mut self) -> bool {
        let Some(sender) = &self.sender else {
            return true;
        };
        while let Some(order) = self.waiting.pop_front() {
            match sender.try_send(order) {
                Ok(()) => {}
                Err(TrySendError::Full(order)) => {
                    self.waiting.push_front(order);
                    return false;
                }
                Err(TrySendError::Disconnected(_)) => {
                    self.waiting.clear();
                    self.sender = None;
                    return true;
                }
            }
        }
        true
    }

    /// Hangs up without sending the rest.
    pub(super) fn abandon(&mut self) {
        self.waiting.clear();
        self.sender = None;
    }

    /// Sends the rest, waiting for room, and hangs up: the worker finishes what it has and ends.
    pub(super) fn close(&mut self) {
        if let Some(sender) = self.sender.take() {
            for order in self.waiting.drain(..) {
                if sender.send(order).is_err() {
                    return;
                }
            }
        }
    }
}

/// What a worker finds when it looks for orders.
pub(super) enum Next<T> {
    Order(T),
    /// Nothing now: go on with the work at hand.
    None,
    /// The sender has gone and all orders are done.
    HungUp,
}

/// How long a worker has nothing else to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leisure {
    None,
    For(Duration),
    UntilAsked,
}

/// The next order. Waits for one only where there is nothing else to do.
pub(super) fn next<T>(orders: &Receiver<T>, idle: bool) -> Next<T> {
    next_within(orders, if idle { Leisure::UntilAsked } else { Leisure::None })
}

/// The next order, waiting for it no longer than there is nothing else to do.
pub(super) fn next_within<T>(orders: &Receiver<T>, leisure: Leisure) -> Next<T> {
    let received = match leisure {
        Leisure::None => orders.try_recv(),
        Leisure::UntilAsked => orders.recv().map_err(TryRecvError::from),
        Leisure::For(time) => orders.recv_timeout(time).map_err(|error| match error {
            RecvTimeoutError::Timeout => TryRecvError::Empty,
            RecvTimeoutError::Disconnected => TryRecvError::Disconnected,
        }),
    };
    match received {
        Ok(order) => Next::Order(order),
        Err(TryRecvError::Empty) => Next::None,
        Err(TryRecvError::Disconnected) => Next::HungUp,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_arrive_complete_and_in_order_though_the_worker_is_late() {
        let (mut queue, receiver) = Queue::new();
        (0..3 * PLACES).for_each(|order| queue.send(order));
        let mut arrived: Vec<usize> = Vec::new();
        while arrived.len() < 3 * PLACES {
            arrived.extend(receiver.try_iter());
            queue.pump();
        }
        assert!(arrived.into_iter().eq(0..3 * PLACES));
    }

    #[test]
    fn a_dead_worker_does_not_stop_the_sender() {
        let (mut queue, receiver) = Queue::new();
        drop(receiver);
        queue.send(1);
        assert!(queue.pump());
        queue.close();
    }
}

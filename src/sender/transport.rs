//! What every way of delivering has in common.

use crate::model::plan::{DeliveryState, Outcome, PlannedDelivery, Via};

use super::wording;

/// One delivery with the exact bytes to make it with.
#[derive(Clone, Copy, Debug)]
pub struct Parcel<'a> {
    /// What the plan says about it.
    pub delivery: &'a PlannedDelivery,
    /// The message or the JSON, as planned.
    pub bytes: &'a [u8],
    /// The envelope's sender: an address without a display name.
    pub sender: &'a str,
}

/// A way of delivering. Each value is independent of the others and may move to a thread.
pub trait Transport: Send {
    /// What the ledger calls it.
    fn via(&self) -> Via;

    /// Makes one delivery and says what came of it; never pending.
    fn deliver(&mut self, parcel: &Parcel<'_>) -> Outcome;

    /// Whether the last outcome came of the settings (a wrong password, a bad certificate), so
    /// that it will be the same for every message until somebody mends them.
    fn stuck(&self) -> bool {
        false
    }

    /// Whether the last outcome came of the other side as a whole (it cannot be reached, it lets
    /// nobody in), so that it says nothing about the message.
    fn down(&self) -> bool {
        false
    }

    /// Ends politely; later deliveries begin anew.
    fn finish(&mut self) {}
}

impl<T: Transport + ?Sized> Transport for Box<T> {
    fn via(&self) -> Via {
        (**self).via()
    }

    fn deliver(&mut self, parcel: &Parcel<'_>) -> Outcome {
        (**self).deliver(parcel)
    }

    fn stuck(&self) -> bool {
        (**self).stuck()
    }

    fn down(&self) -> bool {
        (**self).down()
    }

    fn finish(&mut self) {
        (**self).finish();
    }
}

/// An outcome without a server's reply; `detail` is made one clean line.
pub fn outcome(via: Via, state: DeliveryState, detail: &str) -> Outcome {
    Outcome {
        state,
        via,
        code: None,
        enhanced: None,
        detail: wording::one_line(detail),
    }
}

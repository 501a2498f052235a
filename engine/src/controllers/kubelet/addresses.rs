//! Pod addresses: each node hands out its own range, upwards, so that a replacement gets another address.
//! It must not know pods.

use crate::sorted::{SortedMap, SortedSet};

use crate::api::metadata::Text;
use crate::api::text::text;

/// The first host number that a pod gets; 1 is the bridge.
const FIRST: u32 = 2;
/// The last host number of a range.
const LAST: u32 = 254;

/// The range of pod addresses of a node.
pub fn pod_cidr(ordinal: u32) -> String {
    format!("10.{}.{}.0/24", 244 + ordinal / 256, ordinal % 256)
}

/// The address of a node.
pub fn node_ip(ordinal: u32) -> String {
    let host = ordinal + 10;
    format!("192.168.{}.{}", 49 + host / 250, host % 250)
}

/// Which addresses are in use on each node.
#[derive(Clone, Debug, Default)]
pub(super) struct Addresses {
    nodes: SortedMap<Text, Range>,
}

#[derive(Clone, Debug)]
struct Range {
    next: u32,
    used: SortedSet<u32>,
}

impl Addresses {
    /// Hands out an address of a node with this range (`10.244.1.0/24`); `None` where all are in use.
    pub(super) fn take(&mut self, node: &Text, cidr: &str) -> Option<Text> {
        let range = self.nodes.entry(node.clone()).or_insert(Range { next: FIRST, used: SortedSet::new() });
        let count = LAST - FIRST + 1;
        let host = (0..count).map(|step| (range.next - FIRST + step) % count + FIRST).find(|host| !range.used.contains(host))?;
        range.used.insert(host);
        range.next = if host == LAST { FIRST } else { host + 1 };
        let prefix = cidr.rsplit_once('.').map_or("10.244.0", |(prefix, _)| prefix);
        Some(text!("{prefix}.{host}"))
    }

    /// Takes an address back.
    pub(super) fn give_back(&mut self, node: &Text, address: &str) {
        if let (Some(range), Some(host)) = (self.nodes.get_mut(node), address.rsplit_once('.').and_then(|(_, host)| host.parse().ok())) {
            range.used.remove(&host);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_not_handed_out_again_at_once() {
        let mut addresses = Addresses::default();
        let node: Text = "node-1".into();
        let first = addresses.take(&node, "10.244.1.0/24").expect("free");
        assert_eq!(&*first, "10.244.1.2");
        addresses.give_back(&node, &first);
        assert_eq!(addresses.take(&node, "10.244.1.0/24").as_deref(), Some("10.244.1.3"));
    }

    #[test]
    fn a_range_ends() {
        let mut addresses = Addresses::default();
        let node: Text = "node-1".into();
        for _ in FIRST..=LAST {
            assert!(addresses.take(&node, "10.244.1.0/24").is_some());
        }
        assert_eq!(addresses.take(&node, "10.244.1.0/24"), None);
        addresses.give_back(&node, "10.244.1.7");
        assert_eq!(addresses.take(&node, "10.244.1.0/24").as_deref(), Some("10.244.1.7"));
    }
}

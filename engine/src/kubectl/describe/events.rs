//! The events at the foot of a description. Follows `DescribeEvents`.

use std::rc::Rc;

use crate::api::event::Event;
use crate::api::kind::Kind;
use crate::api::object::Object;
use crate::cluster::World;
use crate::cluster::recorder::event_namespace;
use crate::kubectl::output::age;
use crate::order;

use super::sheet::Sheet;

/// The events about an object, the oldest first.
pub fn about(sheet: &mut Sheet, object: &Object, world: &World) {
    let mut found: Vec<(u64, Rc<Object>)> = world
        .store
        .list(Kind::Event, &event_namespace(&object.meta))
        .filter_map(|event| {
            let body = event.event()?;
            let meant = body.object_uid == object.meta.uid && body.object_kind == object.kind();
            // Events of the newer API carry no last time, so they sort first.
            let last = if body.count == 0 { 0 } else { world.settings.epoch.written_ms(body.last_ms) };
            meant.then(|| (last, event.clone()))
        })
        .collect();
    if found.is_empty() {
        return sheet.field(0, "Events", "<none>");
    }
    order::sort_by_key(&mut found, |(last, _)| *last);
    sheet.line(0, "Events:");
    sheet.line(1, "Type\tReason\tAge\tFrom\tMessage");
    sheet.line(1, "----\t------\t----\t----\t-------");
    for event in found.iter().filter_map(|(_, object)| object.event()) {
        let place = if event.field_path.is_empty() { String::new() } else { format!("{}: ", event.field_path) };
        let kind = if event.warning { "Warning" } else { "Normal" };
        sheet.line(
            1,
            &format!("{kind}\t{}\t{}\t{}\t{place}{}", event.reason, interval(event, world.now_ms()), event.source, event.message.trim()),
        );
    }
}

/// `5s`, or `5s (x2 over 8s)`.
pub fn interval(event: &Event, now: u64) -> String {
    if event.count > 1 {
        return format!("{} (x{} over {})", age::since(event.last_ms, now), event.count, age::since(event.first_ms, now));
    }
    age::since(event.first_ms, now)
}

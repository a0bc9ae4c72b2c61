//! Template contexts that are composed of two parts.

use serde_json::Value as Json;

/// Context with the keys of both JSON objects.
///
/// # Panics
/// When one of them is not an object.
pub(crate) fn merged(mut context: Json, other: Json) -> Json {
    let (Some(keys), Json::Object(more)) = (context.as_object_mut(), other) else {
        panic!("contexts are JSON objects");
    };
    keys.extend(more);
    context
}

//! Notifications: messages for the transitions of a run, and the services that take them.

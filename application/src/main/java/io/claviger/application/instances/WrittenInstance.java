package io.claviger.application.instances;

import java.util.OptionalInt;

/**
 * An instance as the caller sees it after a write.
 *
 * @param userKeysRemoved the number of users' own keys that were deleted because the destination,
 *     or a setting that is sent to it, changed; empty if neither the destination nor such a setting
 *     changed
 */
public record WrittenInstance(InstanceView view, boolean created, OptionalInt userKeysRemoved) {}

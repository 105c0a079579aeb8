package io.claviger.application.instances;

import java.util.OptionalInt;

/**
 * An instance as the caller sees it after a write.
 *
 * @param userKeysRemoved the number of users' keys that were deleted; empty if the write changed
 *     neither the destination nor the settings that are sent to it
 */
public record WrittenInstance(InstanceView view, boolean created, OptionalInt userKeysRemoved) {}

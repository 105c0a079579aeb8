package io.claviger.application.instances;

import java.util.OptionalInt;

/**
 * An instance as the caller sees it after their write.
 *
 * @param userKeysRemoved how many users' own keys were deleted because the instance moved or changed
 *     what it sends; empty where it did neither
 */
public record WrittenInstance(InstanceView view, boolean created, OptionalInt userKeysRemoved) {}

package io.claviger.domain.objects;

/**
 * A provider object to which a request refers.
 *
 * @param id as the request states it; at most 256 characters
 * @param place where it stands, for example {@code previous_response_id}; never a text of the
 *     caller's
 */
public record ObjectReference(ObjectKind kind, String id, String place) {}

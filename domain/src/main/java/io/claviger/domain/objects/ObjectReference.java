package io.claviger.domain.objects;

/**
 * A provider object to which a request refers.
 *
 * @param id the id as the request states it; at most 256 characters
 * @param place the name of the member that contains the reference, for example {@code
 *     previous_response_id}; never a text that the caller wrote
 */
public record ObjectReference(ObjectKind kind, String id, String place) {}

package io.claviger.domain.objects;

/**
 * A provider object to which a request refers.
 *
 * @param id the id as the request states it; at most 256 characters
 * @param place the place of the reference in the request, for example {@code previous_response_id};
 *     never a text from the caller
 */
public record ObjectReference(ObjectKind kind, String id, String place) {}

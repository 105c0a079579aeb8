package io.claviger.domain.requests;

import java.util.UUID;

/** Identifies a request to borrow permanently. */
public record BorrowRequestId(UUID value) {}

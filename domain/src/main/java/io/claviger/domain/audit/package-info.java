/**
 * What the audit trail says of a change or a refused attempt. Which fields changed is named; their
 * values never are.
 */
@NullMarked
package io.claviger.domain.audit;

import org.jspecify.annotations.NullMarked;

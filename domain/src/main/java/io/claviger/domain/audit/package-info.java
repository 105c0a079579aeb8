/**
 * What the audit trail records about a change or a refused attempt. It names the fields that
 * changed. It has the values of roles and limits that somebody gave, and of nothing else.
 */
@NullMarked
package io.claviger.domain.audit;

import org.jspecify.annotations.NullMarked;

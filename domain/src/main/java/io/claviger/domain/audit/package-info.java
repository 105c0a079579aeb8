/**
 * What the audit trail records about a change or a refused attempt. It names the fields that
 * changed and never holds their values.
 */
@NullMarked
package io.claviger.domain.audit;

import org.jspecify.annotations.NullMarked;

/** Months of usage and of the audit trail, which are removed when the operator says so. */
@NullMarked
package io.claviger.application.retention;

import org.jspecify.annotations.NullMarked;

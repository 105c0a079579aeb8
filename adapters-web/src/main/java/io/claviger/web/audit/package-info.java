/** The audit trail as the API shows it, and as it is exported: one line of JSON for each event. */
@NullMarked
package io.claviger.web.audit;

import org.jspecify.annotations.NullMarked;

/** What reading the audit trail needs from outside. */
@NullMarked
package io.claviger.application.audit.port;

import org.jspecify.annotations.NullMarked;

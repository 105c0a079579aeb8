/** Trusted issuers and trusts in PostgreSQL. */
@NullMarked
package io.claviger.persistence.trusts;

import org.jspecify.annotations.NullMarked;

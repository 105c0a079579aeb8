/** What all use cases need from outside: transactions, ids, the audit trail. */
@NullMarked
package io.claviger.application.shared.port;

import org.jspecify.annotations.NullMarked;

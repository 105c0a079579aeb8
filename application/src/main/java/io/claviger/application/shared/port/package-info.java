/** What several features need from other modules, such as transactions, ids and the audit trail. */
@NullMarked
package io.claviger.application.shared.port;

import org.jspecify.annotations.NullMarked;

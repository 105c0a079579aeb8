/** What bills need from other modules: stored figures, credentials, and the providers' answers. */
@NullMarked
package io.claviger.application.bills.port;

import org.jspecify.annotations.NullMarked;

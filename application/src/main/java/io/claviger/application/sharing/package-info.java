/** Shares of services, and who could use a service at an earlier time. */
@NullMarked
package io.claviger.application.sharing;

import org.jspecify.annotations.NullMarked;

/** Who one is: access tokens, sessions, own keys and the default service. */
@NullMarked
package io.claviger.console.account;

import org.jspecify.annotations.NullMarked;

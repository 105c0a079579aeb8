/** What the use cases of trusts and token exchange need from outside. */
@NullMarked
package io.claviger.application.trusts.port;

import org.jspecify.annotations.NullMarked;

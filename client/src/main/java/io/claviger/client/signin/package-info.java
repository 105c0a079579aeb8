/** Signing in and out, and who is signed in. */
@NullMarked
package io.claviger.client.signin;

import org.jspecify.annotations.NullMarked;

/** Sign-in with real parts: a Keycloak in a process of its own, and Chromium where there is one. */
@NullMarked
package io.claviger.signin;

import org.jspecify.annotations.NullMarked;

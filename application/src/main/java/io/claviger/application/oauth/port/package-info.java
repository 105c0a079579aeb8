/** What device sign-in stores. */
@NullMarked
package io.claviger.application.oauth.port;

import org.jspecify.annotations.NullMarked;

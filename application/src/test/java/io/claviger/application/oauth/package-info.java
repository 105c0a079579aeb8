/** Tests of device sign-in. */
@NullMarked
package io.claviger.application.oauth;

import org.jspecify.annotations.NullMarked;

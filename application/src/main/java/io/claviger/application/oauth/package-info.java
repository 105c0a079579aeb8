/** Device sign-in (RFC 8628): how a program without a browser gets an access token of its user. */
@NullMarked
package io.claviger.application.oauth;

import org.jspecify.annotations.NullMarked;

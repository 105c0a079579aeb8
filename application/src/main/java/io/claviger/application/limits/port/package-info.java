/** What the limits of users and groups need from outside. */
@NullMarked
package io.claviger.application.limits.port;

import org.jspecify.annotations.NullMarked;

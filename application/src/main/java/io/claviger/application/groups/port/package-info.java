/** What groups need from outside. */
@NullMarked
package io.claviger.application.groups.port;

import org.jspecify.annotations.NullMarked;

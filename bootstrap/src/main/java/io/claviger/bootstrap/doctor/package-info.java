/**
 * What {@code doctor} looks at, each examination by itself: it changes nothing, makes nothing, and
 * says what it found in a line. Starting and serving are not here.
 */
@NullMarked
package io.claviger.bootstrap.doctor;

import org.jspecify.annotations.NullMarked;

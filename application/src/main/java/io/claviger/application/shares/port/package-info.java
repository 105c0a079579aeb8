/** What shares need from outside. */
@NullMarked
package io.claviger.application.shares.port;

import org.jspecify.annotations.NullMarked;

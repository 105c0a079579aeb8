/** What transfers need from outside. */
@NullMarked
package io.claviger.application.transfers.port;

import org.jspecify.annotations.NullMarked;

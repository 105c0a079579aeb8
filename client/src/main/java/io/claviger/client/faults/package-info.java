/** Why a command did not do what it was asked for. */
@NullMarked
package io.claviger.client.faults;

import org.jspecify.annotations.NullMarked;

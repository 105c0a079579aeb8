/** What a command finds around it: variables, clock, standard streams. */
@NullMarked
package io.claviger.client.terminal;

import org.jspecify.annotations.NullMarked;

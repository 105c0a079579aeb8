/** Options that commands have in common. */
@NullMarked
package io.claviger.client.command;

import org.jspecify.annotations.NullMarked;

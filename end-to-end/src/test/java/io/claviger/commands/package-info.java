/** The commands for people, in this process and as processes, against nodes. */
@NullMarked
package io.claviger.commands;

import org.jspecify.annotations.NullMarked;

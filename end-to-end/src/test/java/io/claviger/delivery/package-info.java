/** Tests of what is delivered beside the program: files for containers, monitoring and systemd. */
@NullMarked
package io.claviger.delivery;

import org.jspecify.annotations.NullMarked;

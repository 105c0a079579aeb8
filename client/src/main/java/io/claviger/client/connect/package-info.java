/** Writing the settings of other programs. */
@NullMarked
package io.claviger.client.connect;

import org.jspecify.annotations.NullMarked;

/** What the operations of administrators need of the installation. */
@NullMarked
package io.claviger.application.operations.port;

import org.jspecify.annotations.NullMarked;

/** How the installation is, for administrators. */
@NullMarked
package io.claviger.web.operations;

import org.jspecify.annotations.NullMarked;

@NullMarked
package io.claviger.application.sharing;

import org.jspecify.annotations.NullMarked;

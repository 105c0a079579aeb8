@NullMarked
package io.claviger.custody;

import org.jspecify.annotations.NullMarked;

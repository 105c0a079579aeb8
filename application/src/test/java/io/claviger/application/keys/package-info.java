@NullMarked
package io.claviger.application.keys;

import org.jspecify.annotations.NullMarked;

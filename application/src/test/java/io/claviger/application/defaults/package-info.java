@NullMarked
package io.claviger.application.defaults;

import org.jspecify.annotations.NullMarked;

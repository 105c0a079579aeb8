@NullMarked
package io.claviger.application.userkeys;

import org.jspecify.annotations.NullMarked;

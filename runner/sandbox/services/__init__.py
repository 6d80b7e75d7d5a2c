"""What scripts have computed outside of V8, by native libraries in processes of their own."""

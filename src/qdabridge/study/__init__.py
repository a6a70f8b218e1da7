"""What a study is: the model, texts and positions, the bytes behind sources, and look-ups. No XML, no zip, no Excel."""
